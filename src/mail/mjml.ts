/** Turns MJML into HTML, in strict mode. @throws what MJML throws, with its list of `errors` */
export type Mjml = (source: string) => Promise<string>;

/** MJML is 90 MB of memory and a third of a second to load: only who compiles pays for it. */
export const compileMjml: Mjml = async (source) => {
  const { default: mjml2html } = await import('mjml');
  const { html } = await mjml2html(source, {
    validationLevel: 'strict',
    fonts: {},
    keepComments: false,
    minify: true,
    minifyOptions: { minifyCss: false },
  });
  return html;
};
