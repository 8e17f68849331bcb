import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createPageEngine, readEngineChoice } from '../src/engine';
import '../src/styles.css';
import { App } from './app';

const place = document.getElementById('app');
if (place === null) throw new Error('react/index.html has no element #app.');

const choice = readEngineChoice(location.search);
createRoot(place).render(
  <StrictMode>
    <App engine={createPageEngine(choice)} initialChoice={choice} />
  </StrictMode>,
);
