// TurboJPEG rather than libjpeg: it reports errors by return code, where libjpeg would longjmp across Swift frames.
#include <turbojpeg.h>
