import { makeThumbnail } from '../../papers/picture.ts';
import { answerRequests } from './process-answers.ts';

/** The process of `thumbnailsApart`. */
answerRequests(async function* (_: null, picture) {
  yield await makeThumbnail(picture);
});
