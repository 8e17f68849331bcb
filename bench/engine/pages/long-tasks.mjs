/** Watches for tasks of more than 50 ms; the returned function takes the milliseconds of those since it was last called. */
export function watchLongTasks() {
  let durations = [];
  const note = (entries) => durations.push(...entries.map(({ duration }) => duration));
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: 'longtask' });
  return () => {
    note(observer.takeRecords());
    const taken = durations;
    durations = [];
    return taken;
  };
}
