import { expect, test } from 'vitest';
import { decodeText } from '../../../src/sources/http/charset.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

test('a text is decoded by its byte order mark before all', () => {
  expect(decodeText(Buffer.from('\ufeffé', 'utf8'), 'text/xml; charset=iso-8859-1')).toBe('é');
  expect(decodeText(Buffer.from('\ufeffé', 'utf16le'))).toBe('é');
});

test('a text is decoded by its Content-Type, then by its XML declaration, then as UTF-8', () => {
  const xml = '<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>';
  expect(decodeText(latin1(xml), 'text/xml')).toBe(xml);
  expect(decodeText(Buffer.from(xml), 'text/xml; charset="utf-8"')).toBe(xml);
  expect(decodeText(Buffer.from('é'))).toBe('é');
});

test('bytes that are valid UTF-8 are UTF-8, whatever their labels say', () => {
  const xml = '<?xml version="1.0" encoding="iso-8859-1"?><a>Gödel’s proof</a>';
  expect(decodeText(Buffer.from(xml))).toBe(xml);
  expect(decodeText(Buffer.from(xml), 'text/xml; charset=ISO-8859-1')).toBe(xml);
});

test('bytes of ASCII alone are read by their label, for some charsets are written in them', () => {
  expect(decodeText(latin1('\x1b$B;f\x1b(B'), 'text/xml; charset=iso-2022-jp')).toBe('紙');
  expect(decodeText(Buffer.from('<a>x</a>', 'utf16le'), 'text/xml; charset=utf-16le')).toBe('<a>x</a>');
});

test('a label nobody knows counts as none, and broken bytes become replacement characters', () => {
  expect(decodeText(Buffer.from('é'), 'text/xml; charset=klingon')).toBe('é');
  expect(decodeText(Buffer.from('<?xml version="1.0" encoding="utf-16"?>é'))).toContain('é');
  expect(decodeText(latin1('aéb'))).toBe('a\ufffdb');
});
