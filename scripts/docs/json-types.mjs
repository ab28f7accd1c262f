// TypeScript types as JSON Schemas: what JSON.stringify makes of a value of the type. Named types become definitions.
import ts from "typescript";

const { TypeFlags: Is } = ts;

export class JsonTypes {
  #checker;
  #source;
  /** By type: its name among the definitions; by name: its schema. */
  #names = new Map();
  #schemas = new Map();

  constructor(checker, source) {
    this.#checker = checker;
    this.#source = source;
  }

  definitions() {
    return Object.fromEntries([...this.#schemas].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** `path`: how it is reached, for the error of a type that JSON has no form for. */
  schemaOf(type, path) {
    const { flags } = type;
    if (flags & (Is.Any | Is.Unknown)) return {};
    if (flags & Is.Null) return { type: "null" };
    if (flags & (Is.StringLiteral | Is.NumberLiteral)) return { const: type.value };
    if (flags & Is.BooleanLiteral) return { const: type.intrinsicName === "true" };
    if (flags & (Is.String | Is.TemplateLiteral)) return { type: "string" };
    if (flags & Is.Number) return { type: "number" };
    if (flags & Is.Boolean) return { type: "boolean" };
    if (flags & Is.Union) return type.types.some((part) => part.flags & Is.Object) ? this.#named(type, path) : this.#union(type, path);
    if (flags & (Is.Object | Is.Intersection)) return this.#named(type, path);
    throw new Error(`${path}: JSON has no form for ${this.#checker.typeToString(type)}`);
  }

  #union(type, path) {
    const parts = type.types.filter(({ flags }) => !(flags & Is.Undefined));
    const bools = parts.filter(({ flags }) => flags & Is.BooleanLiteral);
    const literals = parts.filter(({ flags }) => flags & (Is.StringLiteral | Is.NumberLiteral));
    const others = parts.filter((part) => !literals.includes(part) && !bools.includes(part));
    const schemas = [
      ...(literals.length === 1 ? [{ const: literals[0].value }] : []),
      ...(literals.length > 1 ? [{ enum: literals.map(({ value }) => value) }] : []),
      ...(bools.length === 1 ? [this.schemaOf(bools[0], path)] : []),
      ...(bools.length === 2 ? [{ type: "boolean" }] : []),
      ...others.map((part) => this.schemaOf(part, path)),
    ];
    return schemas.length === 1 ? schemas[0] : { anyOf: schemas };
  }

  /** An interface or an alias stands among the definitions, so that it may hold itself. */
  #named(type, path) {
    if (this.#checker.isArrayType(type) || this.#checker.isTupleType(type)) return this.#list(type, path);
    const name = type.aliasSymbol?.name ?? type.symbol?.name ?? "";
    const isNamed = /^[A-Z]\w*$/.test(name) && (type.aliasTypeArguments ?? []).length === 0;
    const schema = () => (type.flags & Is.Union ? this.#union(type, path) : this.#object(type, path));
    if (!isNamed) return schema();
    const known = this.#names.get(type);
    if (known !== undefined) return { $ref: `#/$defs/${known}` };
    const free = this.#freeName(name);
    this.#names.set(type, free);
    this.#schemas.set(free, {});
    this.#schemas.set(free, schema());
    return { $ref: `#/$defs/${free}` };
  }

  #freeName(name) {
    for (let count = 1; ; count += 1) {
      const free = count === 1 ? name : `${name}${count}`;
      if (!this.#schemas.has(free)) return free;
    }
  }

  #list(type, path) {
    const items = this.#checker.getTypeArguments(type);
    if (this.#checker.isArrayType(type)) return { type: "array", items: this.schemaOf(items[0], `${path}[]`) };
    return { type: "array", prefixItems: items.map((item, index) => this.schemaOf(item, `${path}[${index}]`)), minItems: items.length, maxItems: items.length };
  }

  #object(type, path) {
    if (this.#checker.getSignaturesOfType(type, ts.SignatureKind.Call).length > 0) throw new Error(`${path}: JSON has no form for a function`);
    const primitive = (type.types ?? []).find(({ flags }) => flags & (Is.String | Is.Number));
    // A brand: what makes a text another type is not there at run time.
    if (primitive) return this.schemaOf(primitive, path);
    const members = this.#checker.getPropertiesOfType(type);
    if (members.length === 0) return this.#record(type, path);
    const properties = members.map((member) => [member.name, this.#member(member, `${path}.${member.name}`)]);
    const required = members.filter((member) => !this.#mayBeAbsent(member)).map(({ name }) => name);
    return { type: "object", properties: Object.fromEntries(properties), required };
  }

  #member(member, path) {
    const said = ts.displayPartsToString(member.getDocumentationComment(this.#checker));
    const schema = this.schemaOf(this.#checker.getTypeOfSymbolAtLocation(member, this.#source), path);
    return said === "" ? schema : { description: said, ...schema };
  }

  #mayBeAbsent(member) {
    const type = this.#checker.getTypeOfSymbolAtLocation(member, this.#source);
    return (member.flags & ts.SymbolFlags.Optional) !== 0 || type.types?.some(({ flags }) => flags & Is.Undefined) === true;
  }

  #record(type, path) {
    const index = this.#checker.getIndexInfoOfType(type, ts.IndexKind.String);
    if (!index) return { type: "object" };
    return { type: "object", additionalProperties: this.schemaOf(index.type, `${path}.*`) };
  }
}
