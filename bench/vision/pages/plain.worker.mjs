import { loadPlain } from './plain.mjs';
import { serve } from './served.mjs';

serve(loadPlain);
