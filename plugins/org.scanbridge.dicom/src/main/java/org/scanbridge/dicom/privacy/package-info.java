/**
 * De-identifying copies of DICOM files after the Basic Profile of PS3.15 annex E.
 */
package org.scanbridge.dicom.privacy;
