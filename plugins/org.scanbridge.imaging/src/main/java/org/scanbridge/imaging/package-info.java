/** What every part of the bundle reports with: progress, and images that an operation has no answer for. */
package org.scanbridge.imaging;
