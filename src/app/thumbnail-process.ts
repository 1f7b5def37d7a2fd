import { makeThumbnail } from '../fetch/thumbnail.ts';
import { answerRequests } from './process-answers.ts';

/** The process of `thumbnailsApart`. */
answerRequests(async function* (picture: Uint8Array) {
  yield await makeThumbnail(picture);
});
