// Files of an exported task, as texts: the bundler and the tests' transform have them so.
declare module "*.Dockerfile" {
  const text: string;
  export default text;
}
declare module "*.sh" {
  const text: string;
  export default text;
}
