// What a command of the command line is: its words, its flags and its action as data, from which help, docs and completion are made.

/** One flag. Its name on the command line is its key in the command's flags, in kebab-case. */
export interface Flag<T> {
  /** What stands behind the name in help: `<file>`, `<n>`, `<id...>`; empty for a switch. */
  readonly value: string;
  readonly does: string;
  /** Throws `FlagError` for what it does not take. `before`: the value so far, where the flag may be repeated. */
  parse?(text: string, before: T | undefined): T;
  readonly fallback?: T;
  readonly required?: true;
  /** Makes the type of the value known to the compiler; never there at run time. */
  readonly type?: T;
}

export type Flags = Readonly<Record<string, Flag<unknown>>>;

type ValueOf<F> = F extends Flag<infer T> ? T : never;

/** What an action is given: one member a flag; a flag that was not given and has no default is not there. */
export type OptionsOf<F extends Flags> = { readonly home?: string } & {
  readonly [K in keyof F as undefined extends ValueOf<F[K]> ? never : K]: ValueOf<F[K]>;
} & {
  readonly [K in keyof F as undefined extends ValueOf<F[K]> ? K : never]?: Exclude<ValueOf<F[K]>, undefined>;
};

/** A value that a flag does not take, in words for whoever typed it. */
export class FlagError extends Error {}

export interface CliCommand {
  /** One sentence, without a full stop. */
  readonly does: string;
  /** Positional arguments as help shows them: `<capsule>`, `[trial]`, `[names...]`. */
  readonly takes?: readonly string[];
  readonly flags: Flags;
  /** A whole command line that works. */
  readonly example: string;
  /** What help says below the options. */
  readonly notes?: string;
  /** Loaded when called, so that help is quick. Gives the exit code. Null for a group of commands. */
  readonly run: ((options: never, ...words: (string | readonly string[] | undefined)[]) => Promise<number>) | null;
  readonly commands?: Readonly<Record<string, CliCommand>>;
  /** The subcommand that runs where none is named. */
  readonly byDefault?: string;
}

interface TypedCommand<F extends Flags, Words extends (string | readonly string[] | undefined)[]> {
  readonly does: string;
  readonly takes?: readonly string[];
  readonly flags: F;
  readonly example: string;
  readonly notes?: string;
  readonly run: (options: OptionsOf<F>, ...words: Words) => Promise<number>;
  readonly commands?: Readonly<Record<string, CliCommand>>;
  readonly byDefault?: string;
}

const HOME: Flag<string | undefined> = {
  value: "<dir>",
  does: "the folder of your policy, suites and capsules (default: the nearest bakeoff/ upward; or BAKEOFF_HOME)",
};

/** A command over a home, whose action is checked against its flags by the compiler. */
export const command = <F extends Flags, Words extends (string | readonly string[] | undefined)[]>(spec: TypedCommand<F, Words>): CliCommand =>
  homeless({ ...spec, flags: { ...spec.flags, home: HOME } } as unknown as TypedCommand<F, Words>);

/** A command that looks at no home. */
export const homeless = <F extends Flags, Words extends (string | readonly string[] | undefined)[]>(spec: TypedCommand<F, Words>): CliCommand =>
  spec as unknown as CliCommand;

/** A group of commands: it does nothing of its own. */
export const group = (spec: Pick<CliCommand, "does" | "example" | "byDefault"> & { readonly commands: Readonly<Record<string, CliCommand>> }): CliCommand => ({
  ...spec,
  flags: {},
  run: null,
});

/** A flag without a value. */
export const toggle = (does: string): Flag<boolean> => ({ value: "", does, fallback: false });

/** A flag with a text as its value. */
export const text = (value: string, does: string): Flag<string | undefined> => ({ value, does });

/** A flag with a value that is read strictly. */
export function value<T>(shape: string, does: string, parse: (text: string) => T): Flag<T | undefined>;
export function value<T>(shape: string, does: string, parse: (text: string) => T, fallback: T): Flag<T>;
export function value<T>(shape: string, does: string, parse: (text: string) => T, fallback?: T): Flag<T | undefined> {
  return { value: shape, does, parse, ...(fallback === undefined ? {} : { fallback }) };
}

/** A flag that may be given several times. */
export const repeated = (shape: string, does: string): Flag<readonly string[]> => ({
  value: shape,
  does,
  parse: (word, before = []) => [...before, word],
  fallback: [],
});

/** A flag that takes all words up to the next flag. */
export const several = (shape: string, does: string): Flag<readonly string[] | undefined> => ({ value: `<${shape}...>`, does });

export const required = <T>(flag: Flag<T | undefined>): Flag<T> => ({ ...flag, required: true }) as Flag<T>;

/** `untilDecided` → `--until-decided`. */
export const flagName = (key: string): string => `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
