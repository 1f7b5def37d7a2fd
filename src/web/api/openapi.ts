import { z } from 'zod';
import type { Config } from '../../config/load.ts';
import type { Endpoint } from './endpoint.ts';

type Schema = { readonly properties?: Record<string, object>; readonly required?: readonly string[] };

/** The endpoints as an OpenAPI 3.1 document, made of the shapes that read requests and write answers. */
export function openApi(config: Config, endpoints: readonly Endpoint[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/:name(\{.+\})?/, '{name}');
    paths[path] = { ...paths[path], [endpoint.method]: operation(endpoint, path.includes('{name}')) };
  }
  return {
    openapi: '3.1.0',
    info: { title: `${config.NEWSLETTER_NAME}: API`, version: '1' },
    servers: [{ url: `${config.SITE_URL}/api/v1` }],
    security: [{ token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths,
  };
}

function operation({ method, summary, query, body, answer }: Endpoint, named: boolean): object {
  const name = { name: 'name', in: 'path', required: true, schema: { type: 'string' } };
  const content = (shape: z.ZodType, io: 'input' | 'output') => ({
    'application/json': { schema: schemaOf(shape, io) },
  });
  return {
    summary,
    parameters: [...(named ? [name] : []), ...(query ? parameters(query) : [])],
    ...(body && { requestBody: { required: true, content: content(body, 'input') } }),
    responses: {
      [method === 'post' ? 201 : 200]: { description: 'Done', content: content(answer, 'output') },
      401: { description: 'No good token' },
      ...(named && { 404: { description: 'No such thing' } }),
      ...((query || body) && { 422: { description: 'Something in the request is not right' } }),
    },
  };
}

function parameters(query: z.ZodObject): object[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input') as Schema;
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function schemaOf(shape: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' });
  return schema;
}
