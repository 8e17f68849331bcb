export { prepareImage } from './prepare-image';
