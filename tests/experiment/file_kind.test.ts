import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { PRESETS } from '../../src/experiment/presets';
import { parseExperimentBytes } from '../../src/experiment/parse';
import { ExperimentError } from '../../src/experiment/types';
import { pngFile } from '../decode_png';
import { exampleDocument, goldenDocuments, minimalDocument } from './documents';

const text = JSON.stringify(minimalDocument());
const latin1 = (beginning: string) => Uint8Array.from(Buffer.from(beginning, 'latin1'));
const utf16 = (beginning: string) => Uint8Array.from(Buffer.from(beginning, 'utf16le'));
const PNG = pngFile({ width: 2, height: 1, rows: () => [new Uint8Array(6)] });
const LINK = 'https://example.org/normscape/#map?preset=chain';

describe('a file that is no experiment is named as what it is', () => {
  test.each<[kind: string, bytes: Uint8Array]>([
    ['an empty file', new Uint8Array()],
    ['an empty file', strToU8('\uFEFF \r\n')],
    ['a PNG picture', PNG],
    ['a JPEG picture', latin1('\xff\xd8\xff\xe0\0\x10JFIF\0')],
    ['a GIF picture', latin1('GIF89a\x01\0')],
    ['a WebP picture', latin1('RIFF\x24\0\0\0WEBPVP8 ')],
    ['a PDF', latin1('%PDF-1.7\n%\xe2\xe3')],
    ['a ZIP archive, as office documents are', zipSync({ 'experiment.json': strToU8(text) })],
    ['a compressed file', gzipSync(strToU8(text))],
    ['a compressed file', latin1('\x28\xb5\x2f\xfd\x04\x58')],
    ['UTF-16 text', utf16(`\uFEFF${text}`)],
    ['UTF-16 text', utf16(text)],
    ['UTF-16 text', utf16(text).reverse()],
    ['a web page (HTML)', strToU8('<!DOCTYPE html>\n<html lang="en">')],
    ['an XML file', strToU8('\uFEFF<?xml version="1.0"?><plist></plist>')],
    ['a link, which the address bar opens', strToU8(LINK)],
    ['a link, which the address bar opens', strToU8(`[InternetShortcut]\r\nURL=${LINK}\r\n`)],
    ['a link, which the address bar opens', strToU8('#map?preset=chain')],
    ['a table (CSV)', strToU8('trial,class,score\n0,converged,-1.5\n')],
    ['a table (CSV)', strToU8('\uFEFF"learning rate";"gain"\r\n0,1;2\r\n')],
  ])('%s', (kind, bytes) => {
    let found: unknown;
    try {
      parseExperimentBytes(bytes);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(ExperimentError);
    expect(found).toMatchObject({
      message: `document: found "${kind}", allowed: an experiment file, which is JSON in UTF-8`,
    });
  });
});

test('an experiment is none of them, however it is written', () => {
  const documents = [
    ...PRESETS.map(({ document }) => document),
    ...goldenDocuments().map(([, document]) => document),
    exampleDocument(),
    minimalDocument(),
  ];
  for (const document of documents)
    for (const written of [JSON.stringify(document), JSON.stringify(document, null, '\t')])
      for (const before of ['', '\uFEFF', '\r\n\t '])
        expect(() => parseExperimentBytes(strToU8(before + written))).not.toThrow();
});
