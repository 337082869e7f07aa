#pragma once
#include "kernel/bits.h"

/*
 * Registers of a VT-d remapping unit (VT-d specification 5.10, 11.4, by the register's name): byte
 * offsets in its window, and one listing of fields for each. Comments name the bits that are
 * cleared by writing 1 (W1C). Fault records, FRCD, are at 16 * CAP.FRO, 128 bits each.
 */
enum vtd_offset {
	VTD_VER = 0x00,    /* 32 bits */
	VTD_CAP = 0x08,    /* 64 */
	VTD_ECAP = 0x10,   /* 64 */
	VTD_GCMD = 0x18,   /* 32, write only */
	VTD_GSTS = 0x1c,   /* 32 */
	VTD_RTADDR = 0x20, /* 64 */
	VTD_FSTS = 0x34,   /* 32 */
	VTD_FECTL = 0x38,  /* 32 */
	VTD_PMEN = 0x64,   /* 32 */
	VTD_IQH = 0x80,    /* 64, byte offset of the next descriptor to be fetched */
	VTD_IQT = 0x88,    /* 64, byte offset of the next descriptor to be written */
	VTD_IQA = 0x90,    /* 64 */
	VTD_ICS = 0x9c,    /* 32 */
	VTD_IECTL = 0xa0,  /* 32, as FECTL */
	VTD_IQERCD = 0xb0, /* 64 */
	VTD_IRTA = 0xb8,   /* 64 */
	VTD_PRS = 0xdc,    /* 32 */
	VTD_PECTL = 0xe0,  /* 32, as FECTL */
};

/* VT-d 11.4, Version */
#define VTD_VER_FIELDS(F)    \
	F(VTD_VER_MAX, 7, 4) \
	F(VTD_VER_MIN, 3, 0)

/* VT-d 11.4, Capability */
#define VTD_CAP_FIELDS(F)                                                         \
	F(VTD_CAP_ESRTPS, 63, 63) /* set root pointer invalidates every cache */  \
	F(VTD_CAP_ESIRTPS, 62, 62)                                                \
	F(VTD_CAP_ECMDS, 61, 61)                                                  \
	F(VTD_CAP_FS5LP, 60, 60)                                                  \
	F(VTD_CAP_PI, 59, 59)                                                     \
	F(VTD_CAP_FS1GP, 56, 56)                                                  \
	F(VTD_CAP_DRD, 55, 55) /* drains reads */                                 \
	F(VTD_CAP_DWD, 54, 54) /* drains writes */                                \
	F(VTD_CAP_MAMV, 53, 48)                                                   \
	F(VTD_CAP_NFR, 47, 40) /* fault records, minus one */                     \
	F(VTD_CAP_PSI, 39, 39)                                                    \
	F(VTD_CAP_SSLPS, 37, 34)                                                  \
	F(VTD_CAP_FRO, 33, 24) /* offset of the fault records, in 16 bytes */     \
	F(VTD_CAP_ZLR, 22, 22)                                                    \
	F(VTD_CAP_MGAW, 21, 16)                                                   \
	F(VTD_CAP_SAGAW, 12, 8)                                                   \
	F(VTD_CAP_CM, 7, 7) /* caching mode: not-present entries may be cached */ \
	F(VTD_CAP_PHMR, 6, 6)                                                     \
	F(VTD_CAP_PLMR, 5, 5)                                                     \
	F(VTD_CAP_RWBF, 4, 4) /* write buffer must be flushed */                  \
	F(VTD_CAP_AFL, 3, 3)                                                      \
	F(VTD_CAP_ND, 2, 0) /* 2^(4 + 2 ND) domain ids */

/* VT-d 11.4, Extended Capability */
#define VTD_ECAP_FIELDS(F)                                                   \
	F(VTD_ECAP_PTRS, 56, 56) /* translated requests with PASID */        \
	F(VTD_ECAP_HPTS, 55, 55) /* host permission tables */                \
	F(VTD_ECAP_RPRIVS, 53, 53)                                           \
	F(VTD_ECAP_ADMS, 52, 52)                                             \
	F(VTD_ECAP_PMS, 51, 51)                                              \
	F(VTD_ECAP_RPS, 49, 49)    /* RID_PASID */                           \
	F(VTD_ECAP_SMPWCS, 48, 48) /* walks below a PASID entry can snoop */ \
	F(VTD_ECAP_FSTS, 47, 47)   /* first-stage translation */             \
	F(VTD_ECAP_SSTS, 46, 46)   /* second-stage translation */            \
	F(VTD_ECAP_SSADS, 45, 45)                                            \
	F(VTD_ECAP_VCS, 44, 44)                                              \
	F(VTD_ECAP_SMTS, 43, 43) /* scalable mode */                         \
	F(VTD_ECAP_PDS, 42, 42)  /* drains page requests */                  \
	F(VTD_ECAP_DIT, 41, 41)                                              \
	F(VTD_ECAP_PASID, 40, 40) /* requests with PASID */                  \
	F(VTD_ECAP_PSS, 39, 35)   /* bits of a PASID, minus one */           \
	F(VTD_ECAP_EAFS, 34, 34)                                             \
	F(VTD_ECAP_NWFS, 33, 33)                                             \
	F(VTD_ECAP_SRS, 31, 31)                                              \
	F(VTD_ECAP_ERS, 30, 30)                                              \
	F(VTD_ECAP_PRS, 29, 29) /* page requests */                          \
	F(VTD_ECAP_NEST, 26, 26)                                             \
	F(VTD_ECAP_MTS, 25, 25)                                              \
	F(VTD_ECAP_MHMV, 23, 20)                                             \
	F(VTD_ECAP_IRO, 17, 8)                                               \
	F(VTD_ECAP_SC, 7, 7)                                                 \
	F(VTD_ECAP_PT, 6, 6)                                                 \
	F(VTD_ECAP_EIM, 4, 4)                                                \
	F(VTD_ECAP_IR, 3, 3)                                                 \
	F(VTD_ECAP_DT, 2, 2)                                                 \
	F(VTD_ECAP_QI, 1, 1)                                                 \
	F(VTD_ECAP_C, 0, 0) /* reads of root, context and PASID entries snoop */

/* VT-d 11.4, Global Command: one change a write, see vtd_gcmd.h */
#define VTD_GCMD_FIELDS(F)        \
	F(VTD_GCMD_TE, 31, 31)    \
	F(VTD_GCMD_SRTP, 30, 30)  \
	F(VTD_GCMD_SFL, 29, 29)   \
	F(VTD_GCMD_EAFL, 28, 28)  \
	F(VTD_GCMD_WBF, 27, 27)   \
	F(VTD_GCMD_QIE, 26, 26)   \
	F(VTD_GCMD_IRE, 25, 25)   \
	F(VTD_GCMD_SIRTP, 24, 24) \
	F(VTD_GCMD_CFI, 23, 23)

/* VT-d 11.4, Global Status */
#define VTD_GSTS_FIELDS(F)        \
	F(VTD_GSTS_TES, 31, 31)   \
	F(VTD_GSTS_RTPS, 30, 30)  \
	F(VTD_GSTS_FLS, 29, 29)   \
	F(VTD_GSTS_AFLS, 28, 28)  \
	F(VTD_GSTS_WBFS, 27, 27)  \
	F(VTD_GSTS_QIES, 26, 26)  \
	F(VTD_GSTS_IRES, 25, 25)  \
	F(VTD_GSTS_IRTPS, 24, 24) \
	F(VTD_GSTS_CFIS, 23, 23)

/* VT-d 11.4, Root Table Address */
#define VTD_RTADDR_FIELDS(F)      \
	F(VTD_RTADDR_RTA, 63, 12) \
	F(VTD_RTADDR_TTM, 11, 10)
/* VT-d 11.4, Interrupt Remapping Table Address */
#define VTD_IRTA_FIELDS(F)       \
	F(VTD_IRTA_IRTA, 63, 12) \
	F(VTD_IRTA_EIME, 11, 11)
enum vtd_ttm { VTD_TTM_LEGACY = 0, VTD_TTM_SCALABLE = 1, VTD_TTM_ABORT = 3 };

/* VT-d 11.4, Fault Status; W1C: PFO AFO APF IQE ICE ITE */
#define VTD_FSTS_FIELDS(F)                                                            \
	F(VTD_FSTS_FRI, 15, 8) /* first fault record that is in use */                \
	F(VTD_FSTS_PRO, 7, 7)                                                         \
	F(VTD_FSTS_ITE, 6, 6) /* a device did not answer a device-TLB invalidation */ \
	F(VTD_FSTS_ICE, 5, 5) /* a device answered what nobody asked */               \
	F(VTD_FSTS_IQE, 4, 4) /* the queue stopped at a bad descriptor */             \
	F(VTD_FSTS_APF, 3, 3)                                                         \
	F(VTD_FSTS_AFO, 2, 2)                                                         \
	F(VTD_FSTS_PPF, 1, 1) /* some record is in use */                             \
	F(VTD_FSTS_PFO, 0, 0) /* records were lost */

/* VT-d 11.4, Fault Event Control; also IECTL and PECTL */
#define VTD_FECTL_FIELDS(F)     \
	F(VTD_FECTL_IM, 31, 31) \
	F(VTD_FECTL_IP, 30, 30)

/* VT-d 11.4, Fault Recording; W1C: F */
#define VTD_FRCD_FIELDS(F)                           \
	F(VTD_FRCD_F, 127, 127)                      \
	F(VTD_FRCD_T1, 126, 126)                     \
	F(VTD_FRCD_AT, 125, 124)                     \
	F(VTD_FRCD_PV, 123, 104) /* PASID */         \
	F(VTD_FRCD_FR, 103, 96)  /* reason */        \
	F(VTD_FRCD_PP, 95, 95)   /* PASID present */ \
	F(VTD_FRCD_EXE, 94, 94)                      \
	F(VTD_FRCD_PRIV, 93, 93)                     \
	F(VTD_FRCD_T2, 92, 92)                       \
	F(VTD_FRCD_SID, 79, 64)                      \
	F(VTD_FRCD_FI, 63, 12) /* address of the page */

/* VT-d 11.4, Protected Memory Enable */
#define VTD_PMEN_FIELDS(F)      \
	F(VTD_PMEN_EPM, 31, 31) \
	F(VTD_PMEN_PRS, 0, 0)

/* VT-d 11.4, Invalidation Queue Address */
#define VTD_IQA_FIELDS(F)                                   \
	F(VTD_IQA_IQA, 63, 12)                              \
	F(VTD_IQA_DW, 11, 11) /* descriptors of 256 bits */ \
	F(VTD_IQA_QS, 2, 0)   /* 2^QS pages */

/* VT-d 11.4, Invalidation Completion Status; W1C: IWC */
#define VTD_ICS_FIELDS(F) F(VTD_ICS_IWC, 0, 0)

/* VT-d 11.4, Invalidation Queue Error Record; reads 0 where it does not exist */
#define VTD_IQERCD_FIELDS(F)         \
	F(VTD_IQERCD_ICESID, 63, 48) \
	F(VTD_IQERCD_ITESID, 47, 32) \
	F(VTD_IQERCD_IQEI, 3, 0)

/* VT-d 11.4, Page Request Status; W1C: PRO PPR */
#define VTD_PRS_FIELDS(F)    \
	F(VTD_PRS_PRO, 1, 1) \
	F(VTD_PRS_PPR, 0, 0)

enum { VTD_VER_FIELDS(AS_ENUM) };
enum { VTD_CAP_FIELDS(AS_ENUM) };
enum { VTD_ECAP_FIELDS(AS_ENUM) };
enum { VTD_GCMD_FIELDS(AS_ENUM) };
enum { VTD_GSTS_FIELDS(AS_ENUM) };
enum { VTD_RTADDR_FIELDS(AS_ENUM) };
enum { VTD_IRTA_FIELDS(AS_ENUM) };
enum { VTD_FSTS_FIELDS(AS_ENUM) };
enum { VTD_FECTL_FIELDS(AS_ENUM) };
enum { VTD_FRCD_FIELDS(AS_ENUM) };
enum { VTD_PMEN_FIELDS(AS_ENUM) };
enum { VTD_IQA_FIELDS(AS_ENUM) };
enum { VTD_ICS_FIELDS(AS_ENUM) };
enum { VTD_IQERCD_FIELDS(AS_ENUM) };
enum { VTD_PRS_FIELDS(AS_ENUM) };
