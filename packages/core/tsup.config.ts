import { library } from '../../tooling/library';

export default library({
  entry: ['src/index.ts', 'src/stream.ts', 'src/media/index.ts', 'src/tasks/*/{contract,pipeline}.ts'],
});
