import { loadMediapipe } from './mediapipe.mjs';
import { serve } from './served.mjs';

serve(loadMediapipe);
