import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createApp } from '../src/app';
import '../src/styles.css';
import { Shell } from './shell';

const place = document.getElementById('app');
if (place === null) throw new Error('react/index.html has no element #app.');

createRoot(place).render(
  <StrictMode>
    <Shell app={createApp('React')} />
  </StrictMode>,
);
