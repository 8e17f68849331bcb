import astronaut from '../../../samples/astronaut.jpg';
import chelsea from '../../../samples/chelsea.jpg';
import coffee from '../../../samples/coffee.jpg';
import twoFaces from '../../../samples/faces/two-faces.png';
import rocket from '../../../samples/rocket.jpg';

/** A photo that comes with the page. */
export interface Sample {
  readonly name: string;
  readonly title: string;
  readonly url: string;
}

/** The photos that come with the page; where they are from is in `samples/README.md`. */
export const samples: readonly Sample[] = [
  { name: 'chelsea', title: 'Cat', url: chelsea },
  { name: 'coffee', title: 'Coffee', url: coffee },
  { name: 'astronaut', title: 'Astronaut', url: astronaut },
  { name: 'rocket', title: 'Rocket', url: rocket },
  { name: 'two-faces', title: 'People', url: twoFaces },
];

/** Fetches a sample from this page's own server. Rejects where there is no answer, or an HTTP error. */
export async function fetchSample({ name, url }: Sample, signal: AbortSignal): Promise<File> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const blob = await response.blob();
  return new File([blob], `${name}.${blob.type.split('/').at(-1)}`, { type: blob.type });
}
