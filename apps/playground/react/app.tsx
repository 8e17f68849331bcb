import { EngineProvider } from '@hayate/react';
import { useState } from 'react';
import { writeEngineChoice, type EngineChoice, type PageEngine } from '../src/engine';
import { createPhotoIntake } from '../src/photo-intake';
import { Playground } from './playground';

/** The page around the playground. */
export function App(props: { readonly engine: PageEngine; readonly initialChoice: EngineChoice }) {
  const { engine, initialChoice } = props;
  const [intake] = useState(createPhotoIntake);
  const [choice, setChoice] = useState(initialChoice);
  const query = writeEngineChoice(choice);
  return (
    <div className="page">
      <header className="masthead">
        <p className="wordmark">
          Hayate <span lang="ja">疾風</span>
        </p>
        <nav className="faces" aria-label="This page in">
          <a href={`../react/${query}`} aria-current="page">
            React
          </a>
          <a href={`../vue/${query}`}>Vue</a>
        </nav>
      </header>
      <main>
        <div className="lead">
          <h1>Nothing leaves this page.</h1>
          <p>Choose a photo. A small neural network looks at it on your device and says what it sees.</p>
        </div>
        <EngineProvider engine={engine}>
          <Playground engine={engine} intake={intake} choice={choice} onChoose={setChoice} />
        </EngineProvider>
      </main>
      <footer className="colophon">
        <p>
          EfficientNet-Lite0 has names for 1,000 things and none for the rest. Every answer is one of them, so
          a low score often means “something else”.
        </p>
      </footer>
    </div>
  );
}
