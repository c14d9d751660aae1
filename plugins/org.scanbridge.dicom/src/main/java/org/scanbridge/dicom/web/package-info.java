/**
 * Archives that speak DICOMweb (PS3.18): the Studies Service with QIDO-RS, WADO-RS and STOW-RS, over the JDK's HTTP client.
 */
package org.scanbridge.dicom.web;
