import type { OwnModelForm as Form } from '../src/own-model-form';
import type { FormField } from '../src/own-model-fields';
import { ProblemNote } from './problem-note';
import { useStore } from './use-store';

/** The form for a model of one's own: its files or its address, its input and its output. */
export function OwnModelForm({ form }: { readonly form: Form }) {
  const { chosen, manifestName, fieldsKey, fields, problem, busy } = useStore(form);
  return (
    <section aria-labelledby="own-title">
      <h2 id="own-title">Load your own</h2>
      <p className="quiet">
        An ONNX model that takes a picture. Its file stays on this device, and is forgotten with the page.
      </p>
      <form
        className="form"
        data-testid="own-model"
        onChange={({ currentTarget }) => form.change(new FormData(currentTarget))}
        onSubmit={(event) => {
          event.preventDefault();
          void form.submit(new FormData(event.currentTarget));
        }}
      >
        <div className="field wide">
          <label htmlFor="own-files">Files</label>
          <input
            id="own-files"
            type="file"
            name="files"
            multiple
            accept=".onnx,.json"
            aria-describedby="own-files-hint"
            data-testid="own-files"
          />
          <p className="quiet" id="own-files-hint">
            {chosen === ''
              ? 'The ONNX file, and with it manifest.json where there is one.'
              : `Chosen: ${chosen}`}
          </p>
        </div>
        <div className="field wide">
          <label htmlFor="own-address">Or an address</label>
          <input
            id="own-address"
            type="text"
            inputMode="url"
            name="address"
            autoComplete="off"
            spellCheck={false}
            aria-describedby="own-address-hint"
            data-testid="own-address"
          />
          <p className="quiet" id="own-address-hint">
            Of an ONNX file or a manifest, on this page’s own server.
          </p>
        </div>
        {manifestName === undefined ? (
          fields.map((field) => <Field key={`${fieldsKey} ${field.name}`} field={field} />)
        ) : (
          <p className="wide" data-testid="own-manifest">
            Described by {manifestName}.
          </p>
        )}
        {problem && (
          <div className="wide">
            <ProblemNote problem={problem} />
          </div>
        )}
        <button type="submit" className="button" data-testid="own-submit" disabled={busy}>
          Load it
        </button>
      </form>
    </section>
  );
}

function Field({ field }: { readonly field: FormField }) {
  const { name, title, value, hint } = field;
  const id = `own-${name}`;
  const common = { id, name, defaultValue: value, 'data-testid': id } as const;
  return (
    <div className={field.kind === 'lines' ? 'field wide' : 'field'}>
      <label htmlFor={id}>{title}</label>
      {field.kind === 'choice' ? (
        <select {...common}>
          {field.options.map(([each, words]) => (
            <option key={each} value={each}>
              {words}
            </option>
          ))}
        </select>
      ) : field.kind === 'lines' ? (
        <textarea {...common} rows={6} spellCheck={false} />
      ) : field.kind === 'number' ? (
        <input {...common} type="number" min={1} max={field.max} required />
      ) : (
        <input {...common} type="text" autoComplete="off" spellCheck={false} />
      )}
      {hint !== undefined && <p className="quiet">{hint}</p>}
    </div>
  );
}
