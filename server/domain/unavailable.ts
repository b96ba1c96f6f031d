// Procedures know the domain alone: what the log makes of a database that is away holds for their reads as well.
export { asUnavailable } from '../log/unavailable.ts';
