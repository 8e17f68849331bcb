import type { AnyHayateError, ErrorCode } from '@hayate/core';

/** An error for a person to read: what happened, why, and what to do. */
export interface Problem {
  readonly code: ErrorCode | 'no-picture' | 'sample-unreachable' | 'unfinished-form' | 'refused-address';
  readonly title: string;
  readonly sentence: string;
  readonly advice: string;
  /** The error's own message, for a report. */
  readonly detail: string | undefined;
  /** Whether the same may go well when it is tried again, as the error says. */
  readonly retryable: boolean;
}

interface Help {
  readonly title: string;
  /** The error's own message where absent. */
  readonly sentence?: string;
  readonly advice: string;
}

const report = 'Reload the page. If it happens again, please report it with the details below.';

const help: Readonly<Record<ErrorCode, Help>> = {
  'model-unreachable': {
    title: 'The model could not be fetched',
    sentence: 'This page’s server did not give one of the files that the model needs.',
    advice: 'Check the connection and try again. What has arrived is kept.',
  },
  'model-corrupt': {
    title: 'The model arrived damaged',
    sentence: 'The bytes are not the ones that were promised, so they were thrown away.',
    advice: 'Try again. If it stays so, something between you and the server changes files.',
  },
  'bad-model': {
    title: 'This model does not fit',
    advice: 'The page and its model do not belong together. Reload the page to get both anew.',
  },
  'bad-input': {
    title: 'This picture could not be read',
    advice: 'Take a JPEG, PNG, WebP or AVIF. HEIC photos from an iPhone open in Safari only.',
  },
  'camera-unavailable': {
    title: 'The camera cannot be used',
    advice: 'Start it again once the cause is removed, or take a photo or a video file.',
  },
  'no-backend': {
    title: 'Nothing here can run the model',
    advice: 'Choose “auto” under “Where it runs”, or update this browser.',
  },
  'session-failed': {
    title: 'The model stopped while it ran',
    sentence: 'The backend reported a fault. It may be short of memory.',
    advice: 'Choose another backend under “Where it runs”, or reload the page.',
  },
  'device-lost': {
    title: 'The graphics processor went away',
    sentence: 'The system took it back, as it does after a driver fault or a long sleep.',
    advice: 'Try again: the next attempt asks for it anew. Or choose “wasm” under “Where it runs”.',
  },
  'kernels-unavailable': {
    title: 'A part of the page is missing',
    sentence: 'The code that prepares pictures could not be fetched or compiled.',
    advice: 'Check the connection and try again.',
  },
  'kernels-crashed': {
    title: 'Preparing the picture failed',
    sentence: 'The code that prepares pictures stopped in the middle, and starts afresh.',
    advice: 'Try again.',
  },
  'worker-crashed': {
    title: 'The background worker died',
    sentence: 'The browser ended it, most often because memory ran short.',
    advice: 'Try again: a new one starts. Closing other tabs helps.',
  },
  'worker-unreachable': {
    title: 'The background worker did not start',
    sentence: 'Its script could not be loaded, or it gave no answer in time.',
    advice: 'Check the connection and try again.',
  },
  'deadline-exceeded': {
    title: 'This took too long',
    advice: 'Try again, perhaps with a smaller photo.',
  },
  'queue-full': {
    title: 'Too much at once',
    advice: 'Wait for the photos before this one, then try again.',
  },
  'storage-refused': {
    title: 'The model could not be kept',
    sentence: 'The browser gave no room for it. It still works until the page is closed.',
    advice: 'Free some space, or leave private browsing, to have it at the next visit.',
  },
  'unknown-task': {
    title: 'This page cannot do that',
    advice: report,
  },
  disposed: {
    title: 'The model was let go',
    sentence: 'It was freed while something still waited for it.',
    advice: 'Choose the photo again, or start the camera again: the model is then loaded anew.',
  },
  internal: {
    title: 'Something unexpected failed',
    sentence: 'This is a fault in Hayate, not in your photo.',
    advice: report,
  },
};

/** What differs where the model is one that a person has brought. */
const ownHelp: Partial<Readonly<Record<ErrorCode, Help>>> = {
  'bad-model': {
    title: 'This model does not fit',
    advice: 'Describe it otherwise on the page “Models”, or choose the page’s own model.',
  },
  'no-backend': {
    title: 'This file cannot be run',
    advice: 'Choose an ONNX model that ONNX Runtime Web can run.',
  },
  'model-unreachable': {
    title: 'The model could not be read',
    advice: 'Try again, or choose the file anew. See whether its address is right.',
  },
  'model-corrupt': {
    title: 'These are not the bytes that the manifest promises',
    advice: 'Choose the file that belongs to the manifest.',
  },
};

/** Describes an error of Hayate to a person. `isOwn`: the model is one that the person has brought. */
export function problemOf(error: AnyHayateError, isOwn = false): Problem {
  const { title, sentence, advice } = (isOwn && ownHelp[error.code]) || help[error.code];
  return {
    code: error.code,
    title,
    sentence: sentence ?? error.message,
    advice,
    detail: sentence === undefined ? undefined : error.message,
    retryable: error.retryable,
  };
}

/** The same for a page whose source is a camera or a video. */
export function liveProblemOf(error: AnyHayateError, isOwn: boolean): Problem {
  const problem = problemOf(error, isOwn);
  if (error.code !== 'bad-input') return problem;
  return {
    ...problem,
    title: 'This video could not be read',
    advice: 'Take another file: MP4 and WebM play in most browsers.',
  };
}

/** Nothing that was dropped or pasted is a file. */
export function noPicture(how: 'dropped' | 'pasted'): Problem {
  return {
    code: 'no-picture',
    title: 'There was no photo in that',
    sentence: `What you ${how} holds no picture file.`,
    advice: 'Save the picture first, then choose it; or copy the picture itself, not its address.',
    detail: undefined,
    retryable: false,
  };
}

/** A sample photo could not be fetched. */
export function sampleUnreachable(title: string, cause: unknown): Problem {
  return {
    code: 'sample-unreachable',
    title: 'The sample could not be fetched',
    sentence: `This page’s server did not give the photo “${title}”.`,
    advice: 'Check the connection and choose it again. A photo of your own needs no connection.',
    detail: cause instanceof Error ? cause.message : String(cause),
    retryable: false,
  };
}

/** The form for a model is not complete. */
export function unfinishedForm(sentence: string): Problem {
  return {
    code: 'unfinished-form',
    title: 'That is not all of it',
    sentence,
    advice: 'Correct it, then try again.',
    detail: undefined,
    retryable: false,
  };
}

/** A model's address cannot be fetched, or may not be. */
export function refusedAddress(sentence: string): Problem {
  return {
    code: 'refused-address',
    title: 'Nothing can be fetched from there',
    sentence,
    advice: 'Download the file and choose it here instead: it stays on this device.',
    detail: undefined,
    retryable: false,
  };
}
