import { useState, useSyncExternalStore } from 'react';
import { createDoctor, doctorSentence } from '../src/doctor';

/** What this page lacks. It is checked when the panel is opened. */
export function DoctorPanel() {
  const [doctor] = useState(createDoctor);
  const state = useSyncExternalStore(doctor.subscribe, doctor.getSnapshot);
  const { isRunning, diagnosis } = state;
  return (
    <details
      className="doctor"
      data-testid="doctor"
      data-ok={diagnosis?.ok}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open && diagnosis === undefined) void doctor.run();
      }}
    >
      <summary data-testid="doctor-open">Doctor: what does this page lack?</summary>
      <p role="status">{doctorSentence(state)}</p>
      <ul className="findings">
        {diagnosis?.findings.map(({ check, severity, message, remedy }) => (
          <li
            key={message}
            data-testid="finding"
            data-check={check}
            data-severity={severity}
            className="finding"
          >
            <span className="severity">{severity}</span>
            <p>{message}</p>
            <p className="quiet">{remedy}</p>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="plain"
        data-testid="doctor-again"
        disabled={isRunning}
        onClick={() => void doctor.run()}
      >
        Look again
      </button>
    </details>
  );
}
