/** One of those that are compared: a photo in, the five best labels out. */
export interface Contender<Photo = ImageBitmap> {
  readonly name: string;
  run(
    photo: Photo,
  ): Promise<{ readonly labels: readonly string[]; readonly stages?: Readonly<Record<string, number>> }>;
}
