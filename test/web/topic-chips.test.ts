import { describe, expect, test } from 'vitest';
import { parseSourceList } from '../../src/domain/source-list.ts';
import { linkFor } from '../../src/subscribers/links.ts';
import { findSubscriber } from '../../src/subscribers/subscribers-table.ts';
import { offeredTopics } from '../../src/web/topic-chips.ts';
import { enrollSubscribers } from '../support/app.ts';
import { openNewsroom } from '../support/newsroom.ts';
import { openPages } from '../support/pages.ts';

const FORM = { deliver_at: '07:00', timezone: 'UTC', rhythm: 'every' };

test('the topics on offer are those of the sources', () => {
  const offered = (sources: string) => offeredTopics(parseSourceList(sources).specs);
  expect(offered('huggingface')).toContain('language models');
  expect(offered('huggingface, arxiv:cs.CL+cs.LG')).toEqual(
    expect.arrayContaining(['agents', 'cs.CL', 'cs.LG']),
  );
  expect(offered('biorxiv:neuroscience+cell_biology')).toEqual(['neuroscience', 'cell biology']);
  expect(offered('rss:https://garden.example/feed')).toEqual([]);
});

describe('topics to tap on the preferences page', () => {
  test('are kept when they are ticked and go when they are not; what was typed stays', async () => {
    await using room = await openNewsroom();
    const [id = 0] = await enrollSubscribers(room.app, ['ada@example.org'], {
      topics: ['agents', 'tidal gardens'],
    });
    const topics = async () => (await findSubscriber(room.app.store.db, id))?.topics;
    const pages = openPages(room.app);
    const link = linkFor(room.app, 'preferences', id);
    const { text } = await pages.get(link);
    expect(text).toContain('name="topic" value="agents" checked');
    expect(text).toContain('name="topic" value="robotics">');
    expect(text).toContain('>\ntidal gardens</textarea>');
    await pages.post(link, { ...FORM, interests: 'tidal gardens', topic: 'robotics' });
    expect(await topics()).toEqual(['robotics', 'tidal gardens']);
    await pages.post(link, { ...FORM, interests: 'robotics\nslow lamps' });
    expect(await topics()).toEqual(['robotics', 'slow lamps']);
    await pages.post(link, { ...FORM, interests: '' });
    expect(await topics()).toEqual([]);
  });

  test('only those on offer can be tapped, and a form without interests changes none', async () => {
    await using room = await openNewsroom();
    const [id = 0] = await enrollSubscribers(room.app, ['ada@example.org'], {
      topics: ['agents', 'tidal gardens'],
    });
    const pages = openPages(room.app);
    const link = linkFor(room.app, 'preferences', id);
    await pages.post(link, { ...FORM, topic: 'made up' });
    expect((await findSubscriber(room.app.store.db, id))?.topics).toEqual(['agents', 'tidal gardens']);
    await pages.post(link, { ...FORM, interests: 'tidal gardens', topic: 'made up' });
    expect((await findSubscriber(room.app.store.db, id))?.topics).toEqual(['tidal gardens']);
  });
});
