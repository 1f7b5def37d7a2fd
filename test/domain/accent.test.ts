import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accentOf, contrast, DEFAULT_ACCENT } from '../../src/domain/accent.ts';

test('every colour becomes an accent that can be read wherever it stands', () => {
  const colour = fc
    .integer({ min: 0, max: 0xffffff })
    .map((value) => `#${value.toString(16).padStart(6, '0')}`);
  fc.assert(
    fc.property(colour, (hex) => {
      const { light, dark, banner, bannerDark, tint, tintDark } = accentOf(hex);
      for (const ground of ['#f6f4ee', '#ffffff', tint])
        expect(contrast(light, ground), `${light} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      for (const ground of ['#15161a', '#1d1f24', tintDark])
        expect(contrast(dark, ground), `${dark} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      for (const ground of [banner, bannerDark])
        expect(contrast('#ffffff', ground), ground).toBeGreaterThanOrEqual(7);
      expect(contrast('#15161a', dark)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

test('the accent that comes with the program stays as it is', () => {
  expect(accentOf(DEFAULT_ACCENT)).toMatchObject({ light: DEFAULT_ACCENT, dark: '#f0a3ab' });
});
