/* Pure: the sentences about firmware's and loaders' data. */
#include "kernel/firmware.h"
#include "kernel/format.h"

void firmware_problem(struct firmware *fw, const char *fmt, ...)
{
	char sentence[160];
	va_list ap;

	if (fw->told++ >= FIRMWARE_SENTENCES)
		return;
	va_start(ap, fmt);
	vformat(sentence, sizeof sentence, fmt, ap);
	va_end(ap);
	fw->problem(sentence);
	if (fw->told == FIRMWARE_SENTENCES)
		fw->problem("more problems follow that are not told");
}
