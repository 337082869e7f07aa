#pragma once
#include "kernel/bits.h"

/* Registers of an NVMe controller (NVMe over PCIe Transport 1.0, 3.1; Base Specification 2.0, 3.1.3), BAR 0. */
enum {
	NVME_CAP = 0x00, /* 64 bits wide, as ASQ and ACQ are */
	NVME_INTMS = 0x0c,
	NVME_CC = 0x14,
	NVME_CSTS = 0x1c,
	NVME_AQA = 0x24,
	NVME_ASQ = 0x28,
	NVME_ACQ = 0x30,
	NVME_CMBLOC = 0x38,
	NVME_CMBSZ = 0x3c,
	NVME_CMBMSC = 0x50, /* 64 bits wide; its upper half stays 0 */
	NVME_DOORBELLS = 0x1000,
	NVME_REGISTERS = 0x2000, /* at least */
};

/* 3.1.3.1: MQES is counted from 0, TO in units of 500 ms, MPSMIN as a power of two of 4 KiB */
#define NVME_CAP_FIELDS(F)          \
	F(NVME_CAP_MQES, 15, 0)     \
	F(NVME_CAP_TO, 31, 24)      \
	F(NVME_CAP_DSTRD, 35, 32)   \
	F(NVME_CAP_CSS_NVM, 37, 37) \
	F(NVME_CAP_MPSMIN, 51, 48)  \
	F(NVME_CAP_CMBS, 57, 57)
/* 3.1.3.5; entry sizes are powers of two */
#define NVME_CC_FIELDS(F)         \
	F(NVME_CC_EN, 0, 0)       \
	F(NVME_CC_SHN, 15, 14)    \
	F(NVME_CC_IOSQES, 19, 16) \
	F(NVME_CC_IOCQES, 23, 20)
/* 3.1.3.6 */
#define NVME_CSTS_FIELDS(F)    \
	F(NVME_CSTS_RDY, 0, 0) \
	F(NVME_CSTS_CFS, 1, 1) \
	F(NVME_CSTS_SHST, 3, 2)
/* 3.1.3.8, counted from 0 */
#define NVME_AQA_FIELDS(F)      \
	F(NVME_AQA_ASQS, 11, 0) \
	F(NVME_AQA_ACQS, 27, 16)

/* 3.1.3.16 */
#define NVME_CMBMSC_FIELDS(F) F(NVME_CMBMSC_CRE, 0, 0)

enum {
	NVME_CAP_FIELDS(AS_ENUM) NVME_CC_FIELDS(AS_ENUM) NVME_CSTS_FIELDS(AS_ENUM)
		NVME_AQA_FIELDS(AS_ENUM) NVME_CMBMSC_FIELDS(AS_ENUM)
};
enum { NVME_SHN_NORMAL = 1, NVME_SHST_COMPLETE = 2 };
