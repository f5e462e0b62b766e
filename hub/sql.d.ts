// Tells the compiler what vite makes of a migration that is imported with ?raw: its text.
declare module '*.sql?raw' {
  const text: string;
  export default text;
}
