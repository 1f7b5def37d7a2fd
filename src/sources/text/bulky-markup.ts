const DATA = /data:[^\s"'<>]{200,}/g;
const SECTIONS = [
  ['<svg', '</svg>'],
  ['<style', '</style>'],
  ['<script', '</script>'],
  ['<!--', '-->'],
] as const;

/** HTML without what is long and no text: pictures in base64 or SVG, styles, programs and comments. */
export function withoutBulk(html: string): string {
  return SECTIONS.reduce(
    (rest, [begin, end]) => withoutSections(rest, begin, end),
    html.replace(DATA, 'data:'),
  );
}

/** One that has no end stays. */
function withoutSections(html: string, begin: string, end: string): string {
  let rest = '';
  let from = 0;
  for (let at = html.indexOf(begin); at >= 0; at = html.indexOf(begin, from)) {
    const close = html.indexOf(end, at);
    if (close < 0) break;
    rest += `${html.slice(from, at)} `;
    from = close + end.length;
  }
  return rest + html.slice(from);
}
