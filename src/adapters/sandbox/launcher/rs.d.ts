// Rust sources that this program builds on the user's machine are loaded as text by the bundler and by the tests.
declare module "*.rs" {
  const text: string;
  export default text;
}
