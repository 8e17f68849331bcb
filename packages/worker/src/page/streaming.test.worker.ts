import { countingPipeline } from '@hayate/testing/counting';
import { serveEngine } from '../worker/host';

serveEngine({ pipelines: [countingPipeline] });
