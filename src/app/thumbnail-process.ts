import { makeThumbnail } from '../fetch/thumbnail.ts';
import { answerRequests } from './process-answers.ts';

/** The process of `thumbnailsApart`. */
answerRequests(async function* (_: null, picture) {
  yield await makeThumbnail(picture);
});
