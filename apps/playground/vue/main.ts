import { hayate } from '@hayate/vue';
import { createApp } from 'vue';
import { createPageEngine, readEngineChoice } from '../src/engine';
import '../src/styles.css';
import App from './app.vue';

const initialChoice = readEngineChoice(location.search);
const engine = createPageEngine(initialChoice);
createApp(App, { engine, initialChoice }).use(hayate(engine)).mount('#app');
