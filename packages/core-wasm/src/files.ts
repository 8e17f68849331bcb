export { visionFile as kernelsFile, type KernelsFile } from './vision';
