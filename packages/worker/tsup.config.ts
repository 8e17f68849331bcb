import { library } from '../../tooling/library';

export default library({ entry: ['src/index.ts', 'src/worker/host.ts'] });
