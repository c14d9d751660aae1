/** Rigid and affine registration of one volume onto another by mutual information, in LPS and mm. */
package org.scanbridge.imaging.register;
