/** Whether the text is an address of the web: http or https, and one that can be read. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}
