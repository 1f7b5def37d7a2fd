import { parseSync, type TSSignature, type TSType, Visitor } from 'oxc-parser';
import type { Sources } from './architecture.ts';

/** Types whose values do something or hold something open; all others are data. */
const LIVE = new Set([
  'Clock',
  'Db',
  'Gate',
  'Http',
  'Jobs',
  'Languages',
  'LeaseWatch',
  'LimitedWork',
  'Log',
  'MailTemplates',
  'Mjml',
  'Pacer',
  'Pause',
  'Queue',
  'Routes',
  'Secrets',
  'Signer',
  'SteadyClock',
  'Store',
  'Transport',
  'Wait',
  'WebTemplates',
]);
const MOST_LIVE = 6;

type Types = Map<string, TSType | readonly TSSignature[]>;

/**
 * Types and parameters that carry more than six live objects: a function that takes such a one does not say what it
 * needs. Intersections count with the members of all their parts.
 */
export function bundleBreaches(sources: Sources): string[] {
  const programs = [...sources].map(([path, text]) => [path, parseSync(path, text).program] as const);
  const types: Types = new Map();
  for (const [, program] of programs)
    new Visitor({
      TSTypeAliasDeclaration: ({ id, typeAnnotation }) => void types.set(id.name, typeAnnotation),
      TSInterfaceDeclaration: ({ id, body }) => void types.set(id.name, body.body),
    }).visit(program);
  return programs.flatMap(([path, program]) => {
    const found: string[] = [];
    const judge = (name: string, type: TSType | readonly TSSignature[]) => {
      const live = [...membersOf(type, types)].filter(([, member]) => isLive(member)).map(([key]) => key);
      if (live.length > MOST_LIVE)
        found.push(`${path}: ${name} has ${live.length} live objects (${live.sort().join(', ')})`);
    };
    const judgeParameters = ({ params }: { params: readonly object[] }) => {
      for (const parameter of params) {
        const { typeAnnotation: annotation } = parameter as { typeAnnotation?: { typeAnnotation: TSType } };
        if (annotation && annotation.typeAnnotation.type !== 'TSTypeReference')
          judge('a parameter', annotation.typeAnnotation);
      }
    };
    new Visitor({
      TSTypeAliasDeclaration: ({ id, typeAnnotation }) => judge(id.name, typeAnnotation),
      TSInterfaceDeclaration: ({ id, body }) => judge(id.name, body.body),
      FunctionDeclaration: judgeParameters,
      FunctionExpression: judgeParameters,
      ArrowFunctionExpression: judgeParameters,
    }).visit(program);
    return found;
  });
}

/** The members of an object type by name, with what is known of their types. */
function membersOf(
  type: TSType | readonly TSSignature[],
  types: Types,
  seen: ReadonlySet<string> = new Set(),
): Map<string, TSType | undefined> {
  if (!('type' in type)) return new Map(type.flatMap(memberOf));
  if (type.type === 'TSTypeLiteral') return new Map(type.members.flatMap(memberOf));
  if (type.type === 'TSParenthesizedType') return membersOf(type.typeAnnotation, types, seen);
  if (type.type === 'TSIntersectionType')
    return new Map(type.types.flatMap((part) => [...membersOf(part, types, seen)]));
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return new Map();
  const { name } = type.typeName;
  const [argument, keys] = type.typeArguments?.params ?? [];
  if (argument && ['Partial', 'Readonly', 'Required'].includes(name)) return membersOf(argument, types, seen);
  if (argument && keys && (name === 'Pick' || name === 'Omit')) {
    const named = literals(keys);
    const members = [...membersOf(argument, types, seen)];
    return new Map(members.filter(([key]) => named.has(key) === (name === 'Pick')));
  }
  const known = types.get(name);
  return known === undefined || seen.has(name)
    ? new Map()
    : membersOf(known, types, new Set([...seen, name]));
}

function memberOf(member: TSSignature): [string, TSType | undefined][] {
  if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier') return [];
  return [[member.key.name, member.typeAnnotation?.typeAnnotation]];
}

function literals(type: TSType): Set<string> {
  const parts = type.type === 'TSUnionType' ? type.types : [type];
  return new Set(
    parts.flatMap((part) =>
      part.type === 'TSLiteralType' && part.literal.type === 'Literal' ? String(part.literal.value) : [],
    ),
  );
}

/** A live object, or what gives one when it is called. */
function isLive(type: TSType | undefined): boolean {
  if (type === undefined) return false;
  if (type.type === 'TSFunctionType')
    return type.params.length === 0 && isLive(type.returnType?.typeAnnotation);
  if (type.type === 'TSUnionType') return type.types.some(isLive);
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return false;
  if (type.typeName.name === 'Promise') return (type.typeArguments?.params ?? []).some(isLive);
  return LIVE.has(type.typeName.name);
}
