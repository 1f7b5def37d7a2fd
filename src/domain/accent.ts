/** The colours that a publisher's accent becomes, as `#rrggbb`. Each can be read on the ground that it is meant for. */
export type Accent = {
  /** Text, links and rules on a light ground. */
  readonly light: string;
  /** The same on a dark ground. */
  readonly dark: string;
  /** A ground for white text: the sign-up, on a light and on a dark page. */
  readonly banner: string;
  readonly bannerDark: string;
  /** A ground that only hints at the accent. */
  readonly tint: string;
  readonly tintDark: string;
};

export const DEFAULT_ACCENT = '#8a2432';

/** Chosen by eye. */
const DEFAULT: Accent = {
  light: DEFAULT_ACCENT,
  dark: '#f0a3ab',
  banner: '#7d1f2d',
  bannerDark: '#4b1822',
  tint: '#f4e6e4',
  tintDark: '#2f2226',
};

/** The grounds of pages and mails; the accent has to be read on the one that makes it hardest. */
const PAPER = '#f4e6e4';
const NIGHT = '#2f2226';
const WHITE = '#ffffff';
const BLACK = '#000000';
/** WCAG 2.2, 1.4.3: the least contrast of text. */
const READABLE = 4.5;
const COMFORTABLE = 7;

type Colour = readonly [red: number, green: number, blue: number];

/** @param hex `#rrggbb` */
export function accentOf(hex: string): Accent {
  if (hex === DEFAULT_ACCENT) return DEFAULT;
  const light = until(hex, BLACK, (colour) => contrast(colour, PAPER) >= READABLE + 0.5);
  const dark = until(hex, WHITE, (colour) => contrast(colour, NIGHT) >= COMFORTABLE);
  return {
    light,
    dark,
    banner: until(hex, BLACK, (colour) => contrast(colour, WHITE) >= COMFORTABLE),
    bannerDark: until(mixed(hex, BLACK, 0.4), BLACK, (colour) => contrast(colour, WHITE) >= COMFORTABLE),
    tint: mixed(light, '#f6f4ee', 0.91),
    tintDark: mixed(dark, '#15161a', 0.88),
  };
}

/** Moves from one colour towards another until the contrast is high enough. */
function until(hex: string, target: string, isGood: (colour: string) => boolean): string {
  for (let share = 0; share < 1; share += 0.02) {
    const colour = mixed(hex, target, share);
    if (isGood(colour)) return colour;
  }
  return target;
}

/** @param share of the second colour, 0 to 1 */
function mixed(hex: string, other: string, share: number): string {
  const [from, to] = [read(hex), read(other)];
  const parts = from.map((part, index) => Math.round(part + ((to[index] ?? 0) - part) * share));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** The contrast ratio of WCAG 2.2, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(read(one)), luminance(read(other))].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function read(hex: string): Colour {
  const part = (start: number) => Number.parseInt(hex.slice(start, start + 2), 16);
  return [part(1), part(3), part(5)];
}
