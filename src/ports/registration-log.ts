// The log of registrations: one file that only grows.

export interface RegistrationLogFile {
  /** As it is shown to people. */
  readonly path: string;
  /** Its text; empty where there is no log yet. */
  read(): Promise<string>;
  /** Appends one line, made from what is there by then, while nobody else may. Gives the line. Throws `environment` where the disk refuses. */
  append(lineAfter: (text: string) => Promise<string>): Promise<string>;
}

/** What an authority says of bytes that it stamped. */
export type StampVerdict =
  | { readonly ok: false; readonly fault: string }
  | {
      readonly ok: true;
      /** RFC 3339, UTC: when the authority saw them. */
      readonly at: string;
      /** The name in its certificate. */
      readonly authority: string;
      /** SHA-256 of its certificate's DER, lowercase hex. */
      readonly certificate: string;
    };

/** Time stamps by RFC 3161. Tokens are DER in base64. */
export interface TimeStamps {
  /** Asks the authority at this address. Throws `environment` where it gives none. */
  request(url: string, bytes: Uint8Array): Promise<string>;
  /** Is the token of these bytes, and is it signed by the certificate in it? Never throws. */
  check(token: string, bytes: Uint8Array): Promise<StampVerdict>;
}
