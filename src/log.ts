/** The part of a pino logger that the code uses. Fields hold ids and figures, never a customer's words. */
export interface Logger {
	debug(fields: object, message: string): void;
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
}
