import { library } from '../../tooling/library';

export default library({ entry: ['src/index.ts', 'src/live/live.ts', 'src/model/schema.ts'] });
