import { describe, expect, test } from 'vitest';
import { parseSourceList } from '../../src/domain/source-list.ts';
import { rank } from '../../src/ranking/rank.ts';
import { FROZEN, makePaper } from '../support/makers.ts';

const lab = makePaper({
  id: 'title:lab',
  aliases: ['title:lab'],
  sources: ['rss:https://lab.example/f'],
  signals: {},
  categories: [],
});
const voted = makePaper({
  id: 'arxiv:2608.00001',
  aliases: ['arxiv:2608.00001'],
  sources: ['huggingface'],
  signals: { upvotes: 1 },
});

const specs = (options: string) => parseSourceList(`huggingface, rss:https://lab.example/f ${options}`).specs;

describe('a source', () => {
  test('with a weight moves the papers that it carries', () => {
    const order = (options: string) =>
      rank([lab, voted], FROZEN, new Set(), specs(options)).map(({ paper }) => paper.id);
    expect(order('')).toEqual([voted.id, lab.id]);
    expect(order('weight=5')).toEqual([lab.id, voted.id]);
  });

  test('with a label is named in the reason', () => {
    const [first] = rank([lab], FROZEN, new Set(), specs('label="Lab news"'));
    expect(first?.reasons[0]).toMatchObject({ values: { where: 'Lab news' } });
  });

  test('that others share gives a paper the weight of the heaviest', () => {
    const shared = { ...lab, sources: ['huggingface', 'rss:https://lab.example/f'] };
    const score = (options: string) => rank([shared], FROZEN, new Set(), specs(options))[0]?.score ?? 0;
    expect(score('weight=5')).toBeCloseTo(5 * score('weight=0.1'));
  });
});
