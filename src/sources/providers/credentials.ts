import type { Config } from '../../config/load.ts';
import type { SourceSpec } from '../../domain/source.ts';
import type { Credentials } from '../http/credentials.ts';

/** The keys of providers that give some. */
export type ProviderKeys = Partial<Pick<Config, 'OPENALEX_KEY' | 'SEMANTIC_SCHOLAR_KEY'>>;

/** What a source is read with: its own headers, and the key of its provider where that takes it. */
export function credentialsOf(
  { kind, headers = {} }: SourceSpec,
  { OPENALEX_KEY, SEMANTIC_SCHOLAR_KEY }: ProviderKeys = {},
): Credentials {
  if (kind === 'openalex' && OPENALEX_KEY) return { headers, query: { api_key: OPENALEX_KEY } };
  if (kind === 'semanticscholar' && SEMANTIC_SCHOLAR_KEY)
    return { headers: { ...headers, 'x-api-key': SEMANTIC_SCHOLAR_KEY } };
  return { headers };
}
