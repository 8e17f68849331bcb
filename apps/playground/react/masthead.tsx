import { writeEngineChoice, type EngineChoice } from '../src/engine';
import { pages, type Page } from '../src/pages';
import { enterPage, hashOf } from '../src/router';

/** The name, the pages, and the same page in the other framework. */
export function Masthead({ page, choice }: { readonly page: Page; readonly choice: EngineChoice }) {
  const here = writeEngineChoice(choice) + hashOf(page.path);
  return (
    <header className="masthead">
      <a
        className="skip"
        href={hashOf(page.path)}
        onClick={(event) => {
          event.preventDefault();
          enterPage();
        }}
      >
        Skip to the page
      </a>
      <p className="wordmark">
        Hayate <span lang="ja">疾風</span>
      </p>
      <nav className="tabs" aria-label="Pages">
        {pages.map(({ path, title }) => (
          <a
            key={path}
            href={hashOf(path)}
            data-testid={`page-${path}`}
            aria-current={path === page.path ? 'page' : undefined}
          >
            {title}
          </a>
        ))}
      </nav>
      <nav className="frameworks" aria-label="This page in">
        <a href={`../react/${here}`} aria-current="true">
          React
        </a>
        <a href={`../vue/${here}`} data-testid="face-vue">
          Vue
        </a>
      </nav>
    </header>
  );
}
