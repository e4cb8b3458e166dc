// TurboJPEG rather than libjpeg: it reports errors by return code, where libjpeg would longjmp across Swift frames.
#include <turbojpeg.h>

// TurboJPEG does not tell its version; the configuration of the libjpeg that it comes with does.
#if __has_include(<jconfig.h>)
#include <jconfig.h>
#endif

#define JPEG_TEXT_OF(value) #value
#define JPEG_TEXT(value) JPEG_TEXT_OF(value)

/// The version that was there when the program was built, such as "2.1.5"; empty when nothing told it.
static inline const char *jpeg_library_version(void) {
#ifdef LIBJPEG_TURBO_VERSION
  return JPEG_TEXT(LIBJPEG_TURBO_VERSION);
#else
  return "";
#endif
}
