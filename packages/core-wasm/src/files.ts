// `visionFile` of `./vision`, until its importers take that entry.
export { visionFile as kernelsFile, type KernelsFile } from './vision';
