import tseslint from 'typescript-eslint';

export default tseslint.config(
  // bench is no workspace: what it imports is only there once it has been run.
  {
    ignores: [
      '**/dist/**',
      '**/pkg/**',
      '**/target/**',
      '**/*.{js,mjs}',
      '**/*.d.mts',
      '**/*.config.ts',
      'bench/**',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      // Our ports are objects of closures; nothing in them uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      // Abort reasons and foreign errors are passed on as they are.
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/only-throw-error': 'off',
    },
  },
  {
    files: ['**/*.test.ts', '**/*.spec.ts', 'packages/testing/**'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
