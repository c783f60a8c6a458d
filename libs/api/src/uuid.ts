import { z } from 'zod';

export const uuid = z
  .uuid('expected a UUID')
  .meta({ id: 'Uuid', description: 'In either case; it comes back in lower case.' });
