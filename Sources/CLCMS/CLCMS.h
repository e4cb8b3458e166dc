#include <lcms2.h>

// Swift does not see macros that are made of others. Grey pixels lie in the first of three or four samples, and the converted
// ones take the place of all: samples that are no colour are left as they are.
static const cmsUInt32Number lcms_rgb = TYPE_RGB_8;
static const cmsUInt32Number lcms_rgba = TYPE_RGBA_8;
static const cmsUInt32Number lcms_grey_in_rgb = COLORSPACE_SH(PT_GRAY) | EXTRA_SH(2) | CHANNELS_SH(1) | BYTES_SH(1);
static const cmsUInt32Number lcms_grey_in_rgba = COLORSPACE_SH(PT_GRAY) | EXTRA_SH(3) | CHANNELS_SH(1) | BYTES_SH(1);
// JPEG files store ink inverted, 255 for none, as Adobe began it.
static const cmsUInt32Number lcms_inverted_cmyk = TYPE_CMYK_8_REV;
