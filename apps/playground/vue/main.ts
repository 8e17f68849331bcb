import { hayate } from '@hayate/vue';
import { createApp as createVueApp } from 'vue';
import { createApp } from '../src/app';
import '../src/styles.css';
import Shell from './shell.vue';

const app = createApp('Vue');
createVueApp(Shell, { app }).use(hayate(app.engine)).mount('#app');
