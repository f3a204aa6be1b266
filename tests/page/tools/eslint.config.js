// The rules for the page's JavaScript. Names that it does not define are found by the checks of types.

const HTML = ["innerHTML", "outerHTML", "insertAdjacentHTML", "write", "writeln", "setHTMLUnsafe"];

export default [
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "consistent-this": "error",
      curly: ["error", "multi-or-nest"],
      eqeqeq: "error",
      "max-lines": ["error", { max: 250 }],
      "no-constant-binary-expression": "error",
      "no-dupe-else-if": "error",
      "no-dupe-keys": "error",
      "no-duplicate-imports": "error",
      "no-empty": "error",
      "no-eval": "error",
      "no-fallthrough": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-promise-executor-return": "off",
      "no-restricted-globals": ["error", "localStorage", "alert", "confirm", "prompt", "XMLHttpRequest"],
      "no-restricted-properties": ["error", ...HTML.map((property) => ({ property }))],
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-template-curly-in-string": "error",
      "no-unreachable": "error",
      "no-unsafe-optional-chaining": "error",
      "no-unused-expressions": ["error", { allowTernary: false }],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-var": "error",
      "prefer-const": "error",
      "require-atomic-updates": "off",
      "use-isnan": "error",
      "valid-typeof": "error",
    },
  },
  // All texts are in one file, ready for translation.
  { files: ["**/texts.js"], rules: { "max-lines": "off" } },
];
