/**
 * The TypeScript type of a value and its check at run time, for data from outside (manifests, plans). Fields that a
 * schema does not name are ignored.
 */
export interface Schema<Value> {
  /** Says what is wrong with `value`, in a sentence that begins with the field's name; undefined if nothing is wrong. */
  check(value: unknown, field: string): string | undefined;
  /** Never set; holds the type for the compiler. */
  readonly type?: Value;
  readonly optional?: boolean;
}

/** The type that a schema describes. */
export type SchemaType<Of> = Of extends Schema<infer Value> ? Value : never;

type Fields = Readonly<Record<string, Schema<unknown>>>;
type IsOptional<Of> = Of extends { readonly optional: true } ? true : false;
// Keys are renamed by `as`, because editors then keep the fields' comments.
type ObjectType<Of extends Fields> = {
  readonly [Key in keyof Of as IsOptional<Of[Key]> extends true ? never : Key]: SchemaType<Of[Key]>;
} & {
  readonly [Key in keyof Of as IsOptional<Of[Key]> extends true ? Key : never]?: SchemaType<Of[Key]>;
};
/** Expands a type, so that editors show its fields. */
type Flat<Value> = { [Key in keyof Value]: Value[Key] };

/** A schema that accepts the values for which `isOne` is true. `what` completes the sentence "… must be". */
export function when<Value>(what: string, isOne: (value: unknown) => boolean): Schema<Value> {
  return {
    check: (value, field) => (isOne(value) ? undefined : `"${field}" must be ${what}, not ${shown(value)}`),
  };
}

export const string = /* @__PURE__ */ when<string>('a string', (value) => typeof value === 'string');
/** A finite number. */
export const number = /* @__PURE__ */ when<number>('a number', (value) => Number.isFinite(value));
export const boolean = /* @__PURE__ */ when<boolean>('true or false', (value) => typeof value === 'boolean');

/** Builds a schema. One call is marked `@__PURE__` instead of many, so that bundlers can drop an unused schema. */
export function define<Of>(make: () => Of): Of {
  return make();
}

/** A whole number from `least` to `most`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Schema<number> {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return when(
    `a whole number ${range}`,
    (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  );
}

/** One of several strings or numbers. */
export function oneOf<const Value extends string | number>(...values: readonly Value[]): Schema<Value> {
  const what = values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
  return when(what, (value) => values.includes(value as Value));
}

/** A list of values that fit `item`: exactly `length` of them, or at least one. */
export function list<Value>(item: Schema<Value>, what: string, length?: number): Schema<readonly Value[]> {
  return when(
    what,
    (value) =>
      Array.isArray(value) &&
      (length === undefined ? value.length > 0 : value.length === length) &&
      value.every((each) => item.check(each, '') === undefined),
  );
}

/** An object with any keys, whose values all fit `item`. */
export function record<Value>(item: Schema<Value>): Schema<Readonly<Record<string, Value>>> {
  return {
    check: (value, field) =>
      isObject(value)
        ? first(Object.entries(value), ([name, each]) => item.check(each, join(field, name)))
        : `"${field}" must be an object, not ${shown(value)}`,
  };
}

/** An object with these fields. */
export function object<Of extends Fields>(fields: Of): Schema<Flat<ObjectType<Of>>> {
  return {
    check(value, field) {
      // For a missing object, the message names its first required field, which says more.
      const parts = value === undefined ? {} : value;
      if (!isObject(parts)) {
        return field === '' ? 'it is not a JSON object' : `"${field}" must be an object, not ${shown(value)}`;
      }
      return first(Object.entries(fields), ([name, schema]) => {
        const part = (parts as Record<string, unknown>)[name];
        return part === undefined && schema.optional ? undefined : schema.check(part, join(field, name));
      });
    },
  };
}

/** A field that may be missing or undefined. */
export function optional<Value>(schema: Schema<Value>): Schema<Value> & { readonly optional: true } {
  return { ...schema, optional: true };
}

/** A union of objects, told apart by the field `tag`. */
export function tagged<Tag extends string, Of extends Readonly<Record<string, Fields>>>(
  tag: Tag,
  kinds: Of,
): Schema<{ [Kind in keyof Of]: Flat<{ readonly [Key in Tag]: Kind } & ObjectType<Of[Kind]>> }[keyof Of]> {
  const names = oneOf(...Object.keys(kinds));
  return {
    check(value, field) {
      const kind = isObject(value) ? (value as Record<string, unknown>)[tag] : undefined;
      return names.check(kind, join(field, tag)) ?? object(kinds[kind as string] ?? {}).check(value, field);
    },
  };
}

/** A value that fits one of two schemas. `what` describes both, for the message when neither fits. */
export function either<One, Other>(
  one: Schema<One>,
  other: Schema<Other>,
  what: string,
): Schema<One | Other> {
  return when(what, (value) => [one, other].some(({ check }) => check(value, '') === undefined));
}

/** Adds a condition to a schema. `problem` receives values that fit `schema`, and says what is wrong with them. */
export function refine<Value>(
  schema: Schema<Value>,
  problem: (value: Value, name: (field: string) => string) => string | undefined,
): Schema<Value> {
  return {
    ...schema,
    check: (value, field) =>
      schema.check(value, field) ?? problem(value as Value, (name) => join(field, name)),
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(field: string, name: string): string {
  return field === '' || name === '' ? field + name : `${field}.${name}`;
}

function first<Item>(items: readonly Item[], check: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = check(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  return typeof value === 'object' && value !== null ? 'this value' : String(value);
}
